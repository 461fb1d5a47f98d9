"""A refusal: the one kind of exception that is meant for the person who asked."""


class Refusal(Exception):
    """Something was asked that the rules do not allow; its text says what is wrong and what to do instead.

    Every action defines its own named subclass beside it. A view shows the text, the API answers 409 (or `status`)
    as problem+json. Any other exception is a bug and may crash.
    """

    status = 409

    @property
    def title(self) -> str:
        """The name of the refusal as one word, for machines: `NotYours`."""
        return type(self).__name__


class NotAllowed(Refusal):
    """The person lacks the power that this deed needs."""

    status = 403
