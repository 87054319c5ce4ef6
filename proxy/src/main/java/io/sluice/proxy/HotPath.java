package io.sluice.proxy;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a class that every query passes through.
 *
 * <p>Such a class allocates nothing per message, takes no lock, changes no thread and uses no
 * streams, lambdas, regular expressions or configuration look-ups; a test checks the imports.
 */
@Documented
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.CLASS)
public @interface HotPath {}
