package io.sluice.proxy;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The packages are layers, and the hot path keeps to its own means. */
class ArchitectureTest {
  private static final String ROOT = "io.sluice.proxy.";
  private static final int MAX_LINES = 450;

  /** Each may use those before it. */
  private static final List<String> LAYERS =
      List.of(
          "stats",
          "os",
          "logging",
          "tls",
          "guard",
          "net",
          "catalog",
          "session",
          "prepare",
          "server",
          "pool",
          "listen",
          "auth",
          "client",
          "lifecycle",
          "admin",
          "app");

  private final JavaClasses classes =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.sluice.proxy");

  @Test
  void usesOnlyLowerLayers() {
    for (int i = 0; i < LAYERS.size() - 1; i++) {
      String[] above =
          LAYERS.subList(i + 1, LAYERS.size()).stream()
              .map(layer -> ROOT + layer + "..")
              .toArray(String[]::new);
      noClasses()
          .that()
          .resideInAPackage(ROOT + LAYERS.get(i) + "..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(above)
          .because(LAYERS.get(i) + " is below them")
          .allowEmptyShould(true)
          .check(classes);
    }
  }

  @Test
  void knowsTheLayerOfEveryPackage() {
    assertThat(classes)
        .allSatisfy(
            type -> {
              String name = type.getPackageName();
              assertThat(name + ".").startsWith(ROOT);
              if (name.length() > ROOT.length()) {
                assertThat(LAYERS).contains(name.substring(ROOT.length()).split("\\.")[0]);
              }
            });
  }

  @Test
  void hasNoCycles() {
    slices().matching(ROOT + "(*)..").should().beFreeOfCycles().check(classes);
  }

  /** A lambda for the rare undo is allowed; what costs on every message is not. */
  @Test
  void keepsStreamsAndPatternsOffTheHotPath() {
    noClasses()
        .that()
        .areAnnotatedWith(HotPath.class)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.util.stream..", "java.util.regex..")
        .check(classes);
    noClasses()
        .that()
        .areAnnotatedWith(HotPath.class)
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.util.Optional")
        .check(classes);
  }

  /** What rules a pool is resolved when it is configured; only its mode is an enum of config. */
  @Test
  void keepsTheConfigurationOffTheHotPath() {
    noClasses()
        .that()
        .areAnnotatedWith(HotPath.class)
        .should()
        .dependOnClassesThat(
            new com.tngtech.archunit.base.DescribedPredicate<>("configuration but the pool mode") {
              @Override
              public boolean test(com.tngtech.archunit.core.domain.JavaClass type) {
                return type.getPackageName().startsWith("io.sluice.config")
                    && !type.getSimpleName().equals("PoolMode");
              }
            })
        .check(classes);
  }

  @Test
  void keepsFilesShort() throws IOException {
    List<String> tooLong = new ArrayList<>();
    try (Stream<Path> files = Files.walk(Path.of("src"))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
        long lines;
        try (Stream<String> all = Files.lines(file)) {
          lines = all.count();
        }
        if (lines > MAX_LINES) {
          tooLong.add(file + ": " + lines);
        }
      }
    }
    assertThat(tooLong).isEmpty();
  }
}
