package io.sluice.protocol;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** The module knows bytes and nothing else. */
class ArchitectureTest {
  private static final JavaClasses MODULE =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.sluice.protocol");

  @Test
  void findsTheModule() {
    assertThat(MODULE.contain(StartupPacket.class)).isTrue();
    assertThat(MODULE.contain(ArchitectureTest.class)).isFalse();
  }

  @Test
  void dependsOnBuffersOnly() {
    classes()
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "io.sluice.protocol..",
            "java..",
            "javax.crypto..",
            "io.netty.buffer..",
            "io.netty.util..",
            "org.jspecify.annotations..")
        .check(MODULE);
  }

  @Test
  void touchesNoFilesSocketsOrThreads() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "java.io..",
            "java.net..",
            "java.nio.file..",
            "java.nio.channels..",
            "java.util.concurrent..")
        .check(MODULE);
  }

  @Test
  void hasNoCyclesOfPackages() {
    slices().matching("io.sluice.(protocol.*)..").should().beFreeOfCycles().check(MODULE);
    noClasses()
        .that()
        .resideInAPackage("io.sluice.protocol")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.sluice.protocol.*..")
        .check(MODULE);
  }

  @Test
  void isNullMarkedEverywhere() {
    assertThat(MODULE.stream().map(JavaClass::getPackage).distinct())
        .isNotEmpty()
        .allSatisfy(
            place ->
                assertThat(place.isAnnotatedWith(NullMarked.class)).as(place.getName()).isTrue());
  }
}
