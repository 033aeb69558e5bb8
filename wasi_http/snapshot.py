"""The snapshot that a component is: what it holds, every instance starts with."""

import gc

LARGEST, SMALLEST = 1 << 16, 1 << 11
"""The pieces, in bytes, that freed memory is blanked in. Smaller holes hold little."""


def freeze() -> None:
    """Make the snapshot small, and take it out of garbage collection's sight.

    Called last in an exported module. A collection writes to every object that it
    visits, and each page written is one that a fresh instance has to copy: without
    this an instance takes twice the time and the memory.
    """
    gc.collect()
    _blank_freed_memory()
    gc.freeze()


def _blank_freed_memory() -> None:
    """Overwrite with zeros what imports have freed: the file leaves zeros out.

    Compiling a module's source leaves more behind than the module takes. Whatever the
    allocator places below the end of all that is in use has filled a freed place.
    """
    end = max(map(id, gc.get_objects()))
    blanks = []
    size = LARGEST
    while size >= SMALLEST:
        blank = bytes(size)
        if id(blank) < end:
            blanks.append(blank)
        else:
            size = size * 3 // 4
