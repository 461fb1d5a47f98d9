"""A condition as a sentence."""

from collections.abc import Mapping
from typing import Any

from lianxin.kit.condition.phrases import phrases_of
from lianxin.kit.condition.shape import DEPTH, Condition, Part, part_of, several, shape_of


def words(
    condition: Condition,
    labels: Mapping[str, str],
    *,
    options: Mapping[str, Mapping[str, str]] | None = None,
    language: str = "zh-hans",
) -> str:
    """Return the condition as a sentence; fields by their labels, values by the labels of their options where given.

    Raises BrokenConditionError; languages as for `troubles`.
    """
    return _Speaker(labels, options or {}, phrases_of(language)).words(condition, DEPTH)


class _Speaker:
    """Says conditions in one language."""

    def __init__(
        self, labels: Mapping[str, str], options: Mapping[str, Mapping[str, str]], said: Mapping[str, str]
    ) -> None:
        self.labels, self.options, self.said = labels, options, said

    def words(self, condition: Condition, depth: int) -> str:
        match shape_of(condition, depth):
            case "all" | "any" as joined:
                each = [self._within(one, depth - 1) for one in several(condition[joined])]
                return self.said[joined].join(each) or self.said["always" if joined == "all" else "never"]
            case "not":
                return self.said["not"].format(what=self.words(condition["not"], depth - 1))
            case "field":
                return self._part(part_of(condition))
        return self.said["always"]

    def _within(self, condition: Condition, depth: int) -> str:
        said = self.words(condition, depth)
        joins = any(len(several(condition[key])) > 1 for key in ("all", "any") if key in condition)
        return self.said["within"].format(what=said) if joins else said

    def _part(self, part: Part) -> str:
        name = self.labels.get(part.field, part.field)
        return self.said[part.how].format(name=name, value=self._value(part.field, part.value))

    def _value(self, field: str, value: Any) -> str:
        if isinstance(value, bool):
            return self.said["quote"].format(value=self.said["yes" if value else "no"])
        if isinstance(value, list | tuple):
            return self.said["or"].join(self._value(field, each) for each in value)
        if not isinstance(value, str):
            return str(value)
        return self.said["quote"].format(value=self.options.get(field, {}).get(value, value))
