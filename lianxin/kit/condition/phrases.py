"""The words in which conditions are said, and in which their faults are told."""

from collections.abc import Mapping

from lianxin.kit.condition.shape import Is


def phrases_of(language: str) -> Mapping[str, str]:
    """Return the phrases of a language: zh-hans, zh-hant and, for any other, English."""
    if language.startswith("zh"):
        return _TRADITIONAL if language.startswith("zh-hant") else _SIMPLIFIED
    return _ENGLISH


_ENGLISH = {
    Is.EQUALS: "{name} is {value}",
    Is.DIFFERS: "{name} is not {value}",
    Is.ONE_OF: "{name} is {value}",
    Is.AT_LEAST: "{name} is {value} or more",
    Is.AT_MOST: "{name} is {value} or less",
    Is.ABOVE: "{name} is more than {value}",
    Is.BELOW: "{name} is less than {value}",
    Is.CONTAINS: "{name} contains {value}",
    Is.GIVEN: "{name} is given",
    Is.MISSING: "{name} is not given",
    "all": ", and ",
    "any": ", or ",
    "or": " or ",
    "not": "not: {what}",
    "within": "({what})",
    "always": "always",
    "never": "never",
    "quote": "{value}",
    "yes": "yes",
    "no": "no",
    "shape": "This is no condition: it needs a field, or one of all, any, not.",
    "deep": "The condition is nested too deeply.",
    "long": "The condition has too many parts.",
    "extra": "The condition has a word that nobody reads: {name}.",
    "empty": "“{name}” needs a list of conditions.",
    "field": "The condition asks about a field that is not there: {name}.",
    "how": "The condition compares in an unknown way: {name}.",
    "kind": "This cannot be asked of such a field: {name}.",
    "needless": "The condition on {name} needs no value.",
    "list": "The condition on {name} needs a list of values.",
    "value": "The condition on {name} compares with a value that does not fit.",
}


_SIMPLIFIED = {
    Is.EQUALS: "“{name}”为{value}",
    Is.DIFFERS: "“{name}”不为{value}",
    Is.ONE_OF: "“{name}”为{value}",
    Is.AT_LEAST: "“{name}”不小于{value}",
    Is.AT_MOST: "“{name}”不大于{value}",
    Is.ABOVE: "“{name}”大于{value}",
    Is.BELOW: "“{name}”小于{value}",
    Is.CONTAINS: "“{name}”包含{value}",
    Is.GIVEN: "“{name}”已填写",
    Is.MISSING: "“{name}”未填写",
    "all": "，并且",
    "any": "，或者",
    "or": "或",
    "not": "并非（{what}）",
    "within": "（{what}）",
    "always": "任何情况",
    "never": "从不",
    "quote": "“{value}”",
    "yes": "是",
    "no": "否",
    "shape": "这不是一个条件：要写明栏目（field），或用 all、any、not 之一。",
    "deep": "条件套得太深了。",
    "long": "条件太多了。",
    "extra": "条件里有一个没人认识的词：{name}。",
    "empty": "“{name}”后面要有一组条件。",
    "field": "条件问到的栏目不存在：{name}。",
    "how": "条件的比较方式不认识：{name}。",
    "kind": "这种栏目不能这样比较：{name}。",
    "needless": "对“{name}”的条件不需要写值。",
    "list": "对“{name}”的条件要写一组值。",
    "value": "对“{name}”的条件，比较的值不合适。",
}


_TRADITIONAL = {
    Is.EQUALS: "“{name}”为{value}",
    Is.DIFFERS: "“{name}”不为{value}",
    Is.ONE_OF: "“{name}”为{value}",
    Is.AT_LEAST: "“{name}”不小於{value}",
    Is.AT_MOST: "“{name}”不大於{value}",
    Is.ABOVE: "“{name}”大於{value}",
    Is.BELOW: "“{name}”小於{value}",
    Is.CONTAINS: "“{name}”包含{value}",
    Is.GIVEN: "“{name}”已填寫",
    Is.MISSING: "“{name}”未填寫",
    "all": "，並且",
    "any": "，或者",
    "or": "或",
    "not": "並非（{what}）",
    "within": "（{what}）",
    "always": "任何情況",
    "never": "從不",
    "quote": "“{value}”",
    "yes": "是",
    "no": "否",
    "shape": "這不是一個條件：要寫明欄目（field），或用 all、any、not 之一。",
    "deep": "條件套得太深了。",
    "long": "條件太多了。",
    "extra": "條件裏有一個沒人認識的詞：{name}。",
    "empty": "“{name}”後面要有一組條件。",
    "field": "條件問到的欄目不存在：{name}。",
    "how": "條件的比較方式不認識：{name}。",
    "kind": "這種欄目不能這樣比較：{name}。",
    "needless": "對“{name}”的條件不需要寫值。",
    "list": "對“{name}”的條件要寫一組值。",
    "value": "對“{name}”的條件，比較的值不合適。",
}
