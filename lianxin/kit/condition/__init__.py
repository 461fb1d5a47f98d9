"""Conditions that an office writes as data, such as "age is at least 60". Nothing is ever evaluated as code.

A condition is JSON: {"field": "age", "is": "at_least", "value": 60}, {"all": [...]}, {"any": [...]}, {"not": {...}};
{} is always true. Forms use it to hide questions and to answer self-checks, processes to choose a branch.
"""

from lianxin.kit.condition.faults import troubles
from lianxin.kit.condition.holding import holds
from lianxin.kit.condition.shape import BrokenConditionError, Condition, Is, Part, fields_of, is_missing, parts
from lianxin.kit.condition.speaking import words

__all__ = [
    "BrokenConditionError", "Condition", "Is", "Part", "fields_of", "holds", "is_missing", "parts", "troubles", "words",
]  # fmt: skip
