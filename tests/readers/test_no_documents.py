"""Documents that are none although they say which format they have: nothing follows the version."""

import pytest

from sbomguard import readers
from sbomguard.errors import DocumentError, NotAnSbomError
from sbomguard.source import Source
from tests.readers import test_spdx2_other as other


@pytest.mark.parametrize(
    "text",
    [
        '{"spdxVersion": "SPDX-2.3"}',
        "spdxVersion: SPDX-2.2\n",
        other.as_xml({"spdxVersion": "SPDX-2.3"}),
        "SPDXVersion: SPDX-2.3\n",
        "# made by hand: in haste\r\n SPDXVersion: SPDX-2.2\r\n\r\n",
    ],
)
def test_a_version_alone_is_no_document(text: str) -> None:
    with pytest.raises(DocumentError) as caught:
        readers.read(Source("made", text.encode()))
    assert caught.value.problem == "says which version of SPDX it is, and nothing else"
    assert caught.value.advice
    assert not isinstance(caught.value, NotAnSbomError)


@pytest.mark.parametrize(
    "text",
    [
        '{"spdxVersion": "SPDX-2.3", "packages": []}',
        '{"spdxVersion": "SPDX-2.3", "name": "made"}',
        other.as_xml({"spdxVersion": "SPDX-2.3", "name": "made"}),
        "SPDXVersion: SPDX-2.3\nDocumentName: made\n",
        "DataLicense: CC0-1.0\nSPDXVersion: SPDX-2.3\n",
        "DataLicense: CC0-1.0\rSPDXVersion: SPDX-2.3\r",
    ],
)
def test_one_that_says_more_lists_no_component(text: str) -> None:
    assert readers.read(Source("made", text.encode())).components == ()
