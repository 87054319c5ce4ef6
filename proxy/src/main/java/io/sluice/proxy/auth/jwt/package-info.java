/**
 * JSON Web Tokens that are given as passwords: the keys of those who sign them, and what a token
 * has to say. Waits for the network where the keys come from there.
 */
@NullMarked
package io.sluice.proxy.auth.jwt;

import org.jspecify.annotations.NullMarked;
