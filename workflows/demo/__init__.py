"""Some weeks in a sample county: made-up people, the real engine, virtual time."""

from workflows.demo.run import Played, Setting, play, prepare
from workflows.demo.stage import VirtualClock

__all__ = ["Played", "Setting", "VirtualClock", "play", "prepare"]
