package spillway.functions;

import java.util.Arrays;

/** Whole numbers from 0 as few bytes as they need, and words of eight bytes, one after the other. */
final class RingBytes {

    private byte[] content = new byte[256];
    private int position;

    void from(byte[] given) {
        content = given;
        position = 0;
    }

    /** Begins to write; what was read belongs to the caller and is left alone. */
    void clear() {
        content = new byte[Math.max(64, content.length + 32)];
        position = 0;
    }

    long number() {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            byte next = content[position++];
            value |= (next & 0x7FL) << shift;
            if (next >= 0) {
                return value;
            }
        }
    }

    void number(long value) {
        reserve(10);
        long rest = value;
        while (rest >>> 7 != 0) {
            content[position++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        content[position++] = (byte) rest;
    }

    long word() {
        long value = 0;
        for (int index = 0; index < 8; index++) {
            value = value << 8 | content[position++] & 0xFF;
        }
        return value;
    }

    void word(long value) {
        reserve(8);
        for (int shift = 56; shift >= 0; shift -= 8) {
            content[position++] = (byte) (value >>> shift);
        }
    }

    byte[] toArray() {
        return Arrays.copyOf(content, position);
    }

    private void reserve(int size) {
        if (position + size > content.length) {
            content = Arrays.copyOf(content, content.length * 2 + size);
        }
    }
}
