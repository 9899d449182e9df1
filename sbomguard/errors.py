"""What can go wrong, as one family: each error says where, what, and what to do."""


class SbomguardError(Exception):
    """Root of every error that sbomguard raises on purpose; the command line turns it into exit code 2.

    `source` is a file name as the user gave it, `pointer` a JSON Pointer (RFC 6901) or a line inside it, `problem` what is wrong,
    `advice` what to do. All are plain text; they may hold hostile characters and are escaped where they are printed.
    """

    def __init__(self, problem: str, *, source: str = "", pointer: str = "", advice: str = "") -> None:
        super().__init__(problem)
        self.problem = problem
        self.source = source
        self.pointer = pointer
        self.advice = advice

    def __str__(self) -> str:
        place = " ".join(part for part in (self.source, self.pointer and f"at {self.pointer}") if part)
        return ": ".join(part for part in (place, self.problem) if part) + (f". {self.advice}" if self.advice else "")


class UsageError(SbomguardError):
    """The command or the call makes no sense as given."""


class SourceError(SbomguardError):
    """An input cannot be opened, is too large, or is not a regular file."""


class DocumentError(SbomguardError):
    """An input is no SBOM that can be read, or one that two tools would read differently."""


class NotAnSbomError(DocumentError):
    """An input is well-formed and simply something else than an SBOM."""


class PolicyError(SbomguardError):
    """A vendor or list file is wrong."""


class WaiverError(SbomguardError):
    """A waiver file is wrong."""


class ReportError(SbomguardError):
    """A report cannot be written."""
