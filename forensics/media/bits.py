"""Reading numbers bit by bit, as coded streams write them."""

from __future__ import annotations

MAX_ZEROS = 32
"""Leading zeros of an Exp-Golomb code: more make no number that a specification allows."""


class Bits:
    """Bits of some bytes, first highest.

    Attributes:
        left: Bits not read yet.
    """

    __slots__ = ("_value", "left")

    def __init__(self, data: bytes) -> None:
        self._value = int.from_bytes(data, "big")
        self.left = 8 * len(data)

    def take(self, count: int) -> int:
        """Returns the next `count` bits as a number.

        Raises:
            ValueError: There are not that many.
        """
        if count > self.left:
            raise ValueError("the bits end early")
        self.left -= count
        return self._value >> self.left & ((1 << count) - 1)

    def flag(self) -> bool:
        """Returns the next bit.

        Raises:
            ValueError: There is none.
        """
        return bool(self.take(1))

    def unsigned(self) -> int:
        """Returns an unsigned Exp-Golomb number (ITU-T H.264 section 9.1).

        Raises:
            ValueError: It is cut off, or longer than one may be.
        """
        zeros = 0
        while not self.take(1):
            zeros += 1
            if zeros > MAX_ZEROS:
                raise ValueError("a number has too many bits")
        return (1 << zeros) - 1 + self.take(zeros)

    def signed(self) -> int:
        """Returns a signed Exp-Golomb number (ITU-T H.264 section 9.1.1).

        Raises:
            ValueError: As `unsigned`.
        """
        value = self.unsigned()
        return (value + 1) // 2 if value & 1 else -(value // 2)


def unescaped(unit: bytes) -> bytes:
    """Returns a NAL unit without its emulation prevention bytes (ITU-T H.264 section 7.4.1)."""
    return unit.replace(b"\0\0\3", b"\0\0")
