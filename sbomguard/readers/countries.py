"""The countries that a document states in addresses and locations; told as they stand, never guessed."""

import re
from collections import Counter

# CycloneDX 1.6, organizationalEntity/address/country, in JSON and XML; SPDX 3.1, Core/country of a location.
_STATED = re.compile(rb'"country"\s*:\s*"([^"\\]{2,60})"' rb"|<(?:\w+:)?country>\s*([^<&]{2,60}?)\s*</")


def countries(data: bytes) -> tuple[tuple[str, int], ...]:
    """Each country as written, with the number of times that it is stated; sorted by name."""
    found = Counter((match[1] or match[2]).decode("utf-8", "replace") for match in _STATED.finditer(data))
    return tuple(sorted(found.items()))
