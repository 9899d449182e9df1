"""sbomguard: does an SBOM of device firmware hold a component of a covered vendor, and how do we know?"""

__version__ = "0.1.0"

__all__ = ["__version__"]
