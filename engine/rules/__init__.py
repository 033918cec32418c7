"""The rules of a definition: typed expressions (CEL) over the facts of a case.

``schema`` what may be named · ``layout`` that as typed messages · ``environment`` compiling and checking ·
``tree`` reading a checked expression, ``reading`` what was found · ``problem`` what is wrong, in words ·
``want`` how much an expression reads, ``variable`` and ``reader`` how that is read from a case (``source``),
``needs`` all of it for one evaluation · ``expression`` evaluating · ``facts`` the case as expressions read it ·
``function`` what they may call · ``sample`` the finite domain of a condition. No other room knows the CEL
library.
"""
