"""Processes, what runs along them, and the steps that are owed."""

from lianxin.flow.models.process import FrozenError, Process
from lianxin.flow.models.run import Run, Step

__all__ = ["FrozenError", "Process", "Run", "Step"]
