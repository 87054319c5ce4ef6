/** The console: the database that answers SHOW and takes commands. */
@NullMarked
package io.sluice.proxy.admin;

import org.jspecify.annotations.NullMarked;
