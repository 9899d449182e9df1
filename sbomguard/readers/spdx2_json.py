"""SPDX 2.2 and 2.3 JSON."""

from sbomguard.model import Document
from sbomguard.readers import jsontext, spdx2_tree
from sbomguard.source import Source


def read(source: Source) -> Document:
    """The document. A package that does not fit is read as far as it goes and noted as malformed."""
    return spdx2_tree.read(source)


def locate(source: Source) -> jsontext.Places:
    """Where JSON Pointers stand in this source."""
    return jsontext.Places(source)
