/**
 * The tables that SHOW answers with, one file each. Names, order and types of the columns are
 * PgBouncer's: monitoring reads them by position. Nothing here changes anything.
 */
@NullMarked
package io.sluice.proxy.admin.show;

import org.jspecify.annotations.NullMarked;
