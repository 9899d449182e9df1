"""Sentences that more than one report says, so that they say the same."""

from sbomguard.verdict import Read


def plural(number: int, noun: str) -> str:
    """`1 component`, `2 components`."""
    return f"{number} {noun}" + ("" if number == 1 else "s")


def without_makers(document: Read, path: str, advice: str) -> str:
    """How many components of a document do not say who made them; `path` and `advice` are the document's, escaped for the report."""
    some = f"{document.unidentified} of {plural(document.components, 'component')} in {path}"
    one = document.unidentified == 1
    them = "it" if one else "them"
    sense = "a pass would mean little" if document.unidentified == document.components else f"for {them} a pass means little"
    return f"{some} {'does' if one else 'do'} not say who made {them}: {sense}. {advice}".rstrip()
