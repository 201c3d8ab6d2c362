"""Whose a file is that root makes: whoever owns the folder it is in.

So what root restores can be used by the bot, which is somebody else.
"""

import os
import sys
from pathlib import Path


def inherited(path: Path) -> None:
    """Give a new file or folder to the owner of the folder above, where we may.

    Raises:
        OSError: It is not there.
    """
    if sys.platform != "win32" and os.geteuid() == 0:
        above = path.parent.stat()
        os.chown(path, above.st_uid, above.st_gid, follow_symlinks=False)


def make_folder(folder: Path, mode: int = 0o777) -> None:
    """Make a folder where there is none, and those above it.

    Raises:
        OSError: It cannot be made.
    """
    missing = [one for one in (folder, *folder.parents) if not one.exists()]
    for one in reversed(missing):
        one.mkdir(mode)
        inherited(one)
