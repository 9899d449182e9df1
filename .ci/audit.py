"""Known vulnerabilities in what is pinned: every requirement must have been looked up, or the answer is that nobody knows.

`python .ci/audit.py REQUIREMENTS` exits with 0 if all were audited and none has a known vulnerability, 1 if one has, 3 if some could not be
audited. pip-audit itself says "No known vulnerabilities found" and exits with 0 where the package index is a mirror: a mirror answers no
questions about vulnerabilities, each package counts as skipped, and nothing was audited.
"""

import json
import subprocess
import sys


def main(requirements: str) -> int:
    command = [sys.executable, "-m", "pip_audit", "--requirement", requirements, "--require-hashes", "--disable-pip", "--format", "json",
               "--progress-spinner", "off"]  # fmt: skip
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    try:
        audited = json.loads(ran.stdout)["dependencies"]
    except (ValueError, KeyError):
        sys.stderr.write(f"audit: no answer: {ran.stderr.strip()[-300:]}\n")
        return 3
    bad = [item for item in audited if item.get("vulns")]
    skipped = [item["name"] for item in audited if "skip_reason" in item]
    for item in bad:
        sys.stderr.write(f"audit: {item['name']} {item['version']}: {', '.join(fault['id'] for fault in item['vulns'])}\n")
    if skipped or not audited:
        sys.stderr.write(f"audit: {len(skipped)} of {len(audited)} packages could not be audited; this says nothing about them\n")
    return 1 if bad else 3 if skipped or not audited else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
