package io.sluice.demo.wire;

/**
 * One column of a result.
 *
 * @param name its name
 * @param typeOid the type's number in {@code pg_type}
 * @param typeLength the type's length in bytes; negative for variable
 * @param format 0 text, 1 binary
 */
public record WireColumn(String name, int typeOid, int typeLength, int format) {}
