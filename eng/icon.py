#!/usr/bin/env python3
"""Draws eng/icon.png, the icon of the packages: an envelope that a funnel lets pass. Nothing but Python is needed.
   python3 eng/icon.py"""
import os
import struct
import zlib

SIZE, FINE = 128, 4
NAVY, WHITE, ORANGE = (24, 48, 92), (255, 255, 255), (240, 138, 36)


def inside(x, y, points):
    """Says whether a point is in a polygon."""
    hit = False
    for (ax, ay), (bx, by) in zip(points, points[1:] + points[:1]):
        if (ay > y) != (by > y) and x < (bx - ax) * (y - ay) / (by - ay) + ax:
            hit = not hit
    return hit


def near(x, y, a, b, width):
    """Says whether a point is on a line of some width."""
    (ax, ay), (bx, by) = a, b
    t = max(0, min(1, ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / ((bx - ax) ** 2 + (by - ay) ** 2)))
    return (x - ax - t * (bx - ax)) ** 2 + (y - ay - t * (by - ay)) ** 2 < (width / 2) ** 2


def colour(x, y):
    """The colour of a point, from the front to the back; None where there is nothing."""
    corner = 22
    cx, cy = min(max(x, corner), SIZE - corner), min(max(y, corner), SIZE - corner)
    if (x - cx) ** 2 + (y - cy) ** 2 > corner ** 2:
        return None
    if inside(x, y, [(34, 66), (94, 66), (72, 90), (72, 112), (56, 106), (56, 90)]):
        return ORANGE
    if 22 < x < 106 and 20 < y < 62:
        return NAVY if near(x, y, (22, 20), (64, 46), 5) or near(x, y, (106, 20), (64, 46), 5) else WHITE
    return NAVY


rows = []
for row in range(SIZE):
    line = bytearray(b"\0")
    for column in range(SIZE):
        seen = [colour(column + (i + 0.5) / FINE, row + (j + 0.5) / FINE) for i in range(FINE) for j in range(FINE)]
        solid = [one for one in seen if one]
        line += bytes(sum(one[i] for one in solid) // max(1, len(solid)) for i in range(3)) + bytes([255 * len(solid) // len(seen)])
    rows.append(bytes(line))


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "icon.png"), "wb") as file:
    file.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", SIZE, SIZE, 8, 6, 0, 0, 0)) + chunk(b"IDAT", zlib.compress(b"".join(rows), 9)) + chunk(b"IEND", b""))
