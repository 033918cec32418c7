"""Widths in terminal cells: a Chinese character takes two."""

import shutil
import unicodedata


def width(text: str) -> int:
    """Cells that the text takes. ASCII is answered without loading the table of wide characters."""
    if text.isascii():
        return len(text)
    from wcwidth import wcswidth

    cells = wcswidth(text)
    return cells if cells >= 0 else len(text)


def pad(text: str, cells: int, *, right: bool = False) -> str:
    gap = " " * max(0, cells - width(text))
    return gap + text if right else text + gap


def cut(text: str, cells: int) -> str:
    """The text in at most so many cells, an ellipsis where something is missing."""
    if width(text) <= cells:
        return text
    taken, used = [], 0
    for letter in text:
        step = width(letter) if not unicodedata.combining(letter) else 0
        if used + step > cells - 1:
            break
        taken.append(letter)
        used += step
    return "".join(taken).rstrip() + "…" if cells > 0 else ""


def fold(text: str, cells: int, indent: str = "") -> list[str]:
    """The text in lines of at most so many cells, broken at spaces, Chinese anywhere."""
    lines, line = [], ""
    for word in _words(text):
        if line and width(indent + line + word.rstrip()) > cells:
            lines.append(indent + line.rstrip())
            line = ""
        line += word
    return [*lines, indent + line.rstrip()] if line.strip() or not lines else lines


def _words(text: str) -> list[str]:
    words, word = [], ""
    for letter in text:
        wide = not letter.isascii() and unicodedata.east_asian_width(letter) in "WF"
        if wide and unicodedata.category(letter).startswith("L"):
            words += [word, letter] if word else [letter]
            word = ""
        elif wide:  # closing punctuation stays with what it closes
            if word or not words:
                word += letter
            else:
                words[-1] += letter
        else:
            word += letter
            if letter == " ":
                words.append(word)
                word = ""
    return [*words, word] if word else words


def screen() -> int:
    """Columns of the terminal; 80 where none is told."""
    return shutil.get_terminal_size((80, 24)).columns
