"""The exceptions that a caller may want to tell apart."""


class PollwitnessError(Exception):
    """Base of every error that Pollwitness raises on purpose; its text is meant for people."""


class EmptyIntervalError(PollwitnessError, ValueError):
    """An interval was asked for whose low end lies above its high end."""


class RefusedError(PollwitnessError):
    """What a person asked or gave cannot be used: shown in one line, with its mend."""


class QuestionError(RefusedError):
    """A question names something that the case does not hold; the text names the mend."""


class TooManyOptionsError(PollwitnessError, ValueError):
    """The exact enumeration of option sets was asked for more options than it can enumerate."""


class CertificateError(PollwitnessError):
    """A certificate does not add up: the inequality that it states is not violated."""
