"""Estimators: pure functions on columns of numbers that know nothing of cases.

Times are whole seconds (int64, none below 0), ``ended`` is False where somebody was still open, or left without the
event, after that time. Columns have one length N and need no order.

``arrange``     one sort for tens of thousands of groups          ``percentile``  percentiles of all of them
``curve``       the product-limit curve of one group              ``band``        how sure it is
``mean``        restricted mean, exact                            ``incidence``   outcomes that compete
``logrank``     are curves alike, also one against the rest       ``standard``    case mix taken out
``funnel``      limits for shares                                 ``occupation``  where the time of a mean went
``difference``  why two means differ, in parts that add up        ``rounding``    parts that add up in print
``exact``       the integers behind                               ``moments``     outcomes that compete, of millions
``weight``      what one case at risk weighs                      ``stretches``   where in time seconds lie
"""
