"""What a server is told at its start."""

from dataclasses import dataclass

KIB, MIB = 1024, 1024 * 1024


@dataclass(frozen=True)
class ServeSettings:
    """Limits and habits of one server process."""

    max_body: int = MIB  # JSON
    max_upload: int = 32 * MIB  # files
    max_depth: int = 32  # of JSON
    page: int = 50
    most_per_page: int = 500
    zone: str = "Asia/Shanghai"  # whose months and days the figures count by
    readers: int = 4  # threads that read
    threads: int = 8  # connections that write, on PostgreSQL; a SQLite file has one writer
    in_hand: int = 1000  # requests at the same time; more are told to come again
    worker: bool = False  # look at deadlines here
    worker_every_s: float = 5.0
    worker_cases: int = 20  # in one sweep: commands of people wait no longer than that takes
