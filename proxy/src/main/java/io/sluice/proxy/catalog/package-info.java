/**
 * Who and what the configuration names, at run time: databases, users, their secrets and the counts
 * that limits are held against.
 */
@NullMarked
package io.sluice.proxy.catalog;

import org.jspecify.annotations.NullMarked;
