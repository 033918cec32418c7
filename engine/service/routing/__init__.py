"""Who gets the work: seats filled by tables, the decisions told and made again, lists planned, work that changes hands.

Each module is imported by itself: a command that fills a seat needs neither what draws pages nor what solves plans.
"""
