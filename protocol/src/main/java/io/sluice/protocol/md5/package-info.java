/** PostgreSQL's md5 passwords. */
@NullMarked
package io.sluice.protocol.md5;

import org.jspecify.annotations.NullMarked;
