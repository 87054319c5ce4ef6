package io.sluice.config;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

final class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.sluice.config");

  @Test
  void dependsOnNothingButJavaAndTheHoconParser() {
    classes()
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "java..", "io.sluice.config..", "com.typesafe.config..", "org.jspecify.annotations..")
        .check(CLASSES);
  }

  /** The table and the values know each other: the table names the enums, the values its rows. */
  @Test
  void isMadeOfLayersWithoutCycles() {
    layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .layer("table and values")
        .definedBy("io.sluice.config.setting..", "io.sluice.config.value..")
        .layer("problem")
        .definedBy("io.sluice.config.problem..")
        .layer("check")
        .definedBy("io.sluice.config.check..")
        .layer("load")
        .definedBy("io.sluice.config.load..")
        .layer("diff")
        .definedBy("io.sluice.config.diff..")
        .layer("doc")
        .definedBy("io.sluice.config.doc..")
        .whereLayer("table and values")
        .mayNotAccessAnyLayer()
        .whereLayer("problem")
        .mayOnlyAccessLayers("table and values")
        .whereLayer("check")
        .mayOnlyAccessLayers("table and values", "problem")
        .whereLayer("load")
        .mayOnlyAccessLayers("table and values", "problem", "check")
        .whereLayer("diff")
        .mayOnlyAccessLayers("table and values")
        .whereLayer("doc")
        .mayOnlyAccessLayers("table and values")
        .check(CLASSES);
  }

  @Test
  void readsHoconInOnePlace() {
    classes()
        .that()
        .resideOutsideOfPackages("io.sluice.config.load..", "io.sluice.config.doc..")
        .should()
        .onlyDependOnClassesThat()
        .resideOutsideOfPackage("com.typesafe..")
        .check(CLASSES);
  }
}
