package spillway.functions;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Whole numbers from 0 as few bytes as they need, words of eight bytes, blocks and texts, one after the other. */
final class RingBytes {

    /** What is written goes here; what is read belongs to the caller and is left alone. */
    private byte[] own = new byte[256];
    private byte[] content = own;
    private int position;

    void from(byte[] given) {
        content = given;
        position = 0;
    }

    /** Begins to write. */
    void clear() {
        content = own;
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

    byte[] block() {
        int size = (int) number();
        position += size;
        return Arrays.copyOfRange(content, position - size, position);
    }

    void block(byte[] block) {
        number(block.length);
        reserve(block.length);
        System.arraycopy(block, 0, content, position, block.length);
        position += block.length;
    }

    String text() {
        return new String(block(), StandardCharsets.UTF_8);
    }

    void text(String text) {
        block(text.getBytes(StandardCharsets.UTF_8));
    }

    byte[] toArray() {
        return Arrays.copyOf(content, position);
    }

    private void reserve(int size) {
        if (position + size > content.length) {
            own = Arrays.copyOf(content, content.length * 2 + size);
            content = own;
        }
    }
}
