"""`sbomguard policy sign` and `policy verify` without the option parser."""

from sbomguard import output, pack, policy, signing


def sign(folder: str, key_file: str) -> int:
    """Write the envelope of a folder, over the very files that a check would read."""
    home = pack.folder_name(folder)
    files = policy.read_files(home)
    envelope = signing.sign(files, signing.read_small(key_file), key_file)
    output.write_file(f"{home}/{signing.ENVELOPE}", envelope.decode(), (key_file,))
    output.write_stdout(f"signed: {len(files)} files of {home} in {signing.ENVELOPE}\n")
    return 0


def verify(folder: str, key_file: str) -> int:
    """Hold the folder against its envelope and the pinned key; PolicyError says what does not fit."""
    home = pack.folder_name(folder)
    files = policy.read_files(home)
    known = signing.verify(files, signing.read_envelope(home), signing.read_small(key_file), home, key_file)
    output.write_stdout(f"verified: {len(files)} files of {home}, signed by {known}\n")
    return 0
