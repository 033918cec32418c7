"""Figures worked out slowly, case by case, from what histories say: each holds one measure to itself.

``check_*(town, at, told)`` asks the measure as of the instant and compares it with the same from :mod:`tests.support.lives`.
"""
