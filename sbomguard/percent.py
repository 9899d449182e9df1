"""Percent-encoding undone, without loading the standard library's URL code where there is none to undo."""


def unquote(text: str) -> str:
    """The text with %XX decoded once as UTF-8; what is no such code stays (RFC 3986 clause 2.1)."""
    if "%" not in text:
        return text
    from urllib.parse import unquote as decode

    return decode(text)
