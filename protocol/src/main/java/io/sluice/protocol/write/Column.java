package io.sluice.protocol.write;

/**
 * A column of a result that we make ourselves. Immutable.
 *
 * @param name the name
 * @param typeOid OID of the type
 * @param typeSize bytes of the type; -1 for a variable length
 */
public record Column(String name, int typeOid, int typeSize) {}
