package io.sluice.proxy.admin.show;

import io.sluice.protocol.write.Column;
import io.sluice.proxy.auth.hba.HbaRule;
import java.util.List;

/** SHOW HBA: the rules of the HBA file in their order, in the columns of pg_hba_file_rules. */
public final class ShowHba implements Show {
  private static final List<Column> COLUMNS =
      Columns.int4("rule_number")
          .andText("file_name")
          .andInt4("line_number")
          .andText("type", "database", "user_name", "address", "netmask", "auth_method", "options")
          .list();

  @Override
  public List<Column> columns() {
    return COLUMNS;
  }

  @Override
  public void fill(ShowTable table, ProxyView view) {
    int number = 0;
    for (HbaRule rule : view.actions().rules().all()) {
      number++;
      table.row(
          number,
          rule.file(),
          rule.line(),
          rule.type().word(),
          rule.databaseText(),
          rule.userText(),
          rule.addressText(),
          rule.maskText(),
          rule.method().word(),
          rule.optionText());
    }
  }
}
