"""Files of events for other programs: CSV, Parquet, XES (IEEE 1849-2016) and OCEL 2.0.

A writer is given one trace after another and keeps none, so that a million events need no more memory than a thousand.
What it writes stands under a name of its own until it is whole.
"""
