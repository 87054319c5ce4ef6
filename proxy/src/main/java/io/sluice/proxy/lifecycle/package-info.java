/**
 * The life of the process: start, reload, pause, shutdown, and what the system knows of it:
 * signals, the pidfile, systemd.
 */
@NullMarked
package io.sluice.proxy.lifecycle;

import org.jspecify.annotations.NullMarked;
