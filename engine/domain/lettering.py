"""How wide a text is on a drawing, without a font: rather too wide than too narrow."""

from wcwidth import wcwidth

WIDEST = 30.0  # of a line in ems, before it is broken


def ems(text: str) -> float:
    """The width of a text in units of its size, rather too wide than too narrow."""
    wide = sum(1 for c in text if wcwidth(c) == 2)
    capital = sum(1 for c in text if c.isupper())
    narrow = sum(1 for c in text if c in "il.,:;'|() ")
    return wide * 1.02 + capital * 0.7 + narrow * 0.34 + (len(text) - wide - capital - narrow) * 0.57


def lines(text: str, widest: float = WIDEST) -> list[str]:
    """A text broken at blanks, or between characters where there are none."""
    pieces = [word + " " for word in text.split(" ")] if " " in text else list(text)
    broken = [""]
    for piece in pieces:
        if broken[-1] and ems((broken[-1] + piece).rstrip()) > widest:
            broken.append("")
        broken[-1] += piece
    return [line.rstrip() for line in broken]


def cut(text: str, widest: float) -> str:
    """The text in at most so many ems, an ellipsis where something is missing."""
    if ems(text) <= widest:
        return text
    while text and ems(text + "…") > widest:
        text = text[:-1]
    return text.rstrip() + "…"


def folded(text: str, widest: float, most: int) -> list[str]:
    """The text in at most ``most`` lines, none of them wider than that; what does not fit is cut."""
    pieces = [part for word in text.split(" ") for part in _pieces(word, widest)]
    broken = [""]
    for piece, glued in pieces:
        longer = piece if not broken[-1] else broken[-1] + ("" if glued else " ") + piece
        if broken[-1] and ems(longer) > widest:
            broken.append(piece)
        else:
            broken[-1] = longer
    if len(broken) <= most:
        return broken
    return [*broken[: most - 1], cut(" ".join(broken[most - 1 :]) + "…", widest)]


def _pieces(word: str, widest: float) -> list[tuple[str, bool]]:
    """A word, or its letters where it is wider than a line or Chinese; True: it hangs on what is before it."""
    if ems(word) <= widest and all(wcwidth(letter) != 2 for letter in word):
        return [(word, False)]
    return [(letter, number > 0) for number, letter in enumerate(word)]
