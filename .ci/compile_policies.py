"""Build hook: compile the policy files once, so that an installed sbomguard parses no YAML."""

import shutil
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompilePolicies(BuildHookInterface):  # type: ignore[type-arg]
    """Puts `policies/` and its compiled form into the wheel as `sbomguard/policies/`."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called by the build backend before files are gathered."""
        if version == "editable":
            return
        root = Path(self.root)
        staged = root / "build" / "policies"
        shutil.rmtree(staged, ignore_errors=True)
        shutil.copytree(root / "policies", staged)
        sys.path.insert(0, str(root))
        from sbomguard.pack import write_shipped

        write_shipped(str(staged))
        build_data["force_include"][str(staged)] = "sbomguard/policies"
