"""Golden files: what a report must say, byte for byte.

After a wanted change write them again with `SBOMGUARD_WRITE_GOLDEN=1 pytest tests/reports` and read the difference before you commit it.
"""

import os
from pathlib import Path

FOLDER = Path(__file__).parent.parent / "golden" / "reports"


def check(name: str, text: str) -> None:
    """Hold the text against the golden file of that name."""
    path = FOLDER / name
    if os.environ.get("SBOMGUARD_WRITE_GOLDEN"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    assert path.read_bytes() == text.encode(), f"{path} differs: SBOMGUARD_WRITE_GOLDEN=1 writes it again"
