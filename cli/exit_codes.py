"""What a command returns to the shell: a function of the code's letter alone."""

DONE = 0
BUG = 1
IN_PART = 7
INTERRUPTED = 130

OF_LETTER = {
    "U": 2,  # usage
    "R": 3,  # refused by the rules
    "N": 4,  # not found
    "C": 5,  # somebody was first, or the key was used
    "D": 6,  # a definition that does not hold
    "I": 6,  # an input file that does not hold
    "V": 6,  # evidence that does not hold
    "S": 8,  # not available now
    "A": 9,  # nobody signed in
    "X": BUG,
}


def of_code(code: str) -> int:
    """The exit status of a code like ``FM-R101``; what is no code is a bug."""
    letter = code.removeprefix("FM-")[:1]
    return OF_LETTER.get(letter, BUG)
