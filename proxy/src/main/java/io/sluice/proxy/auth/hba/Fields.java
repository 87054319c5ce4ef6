package io.sluice.proxy.auth.hba;

import java.util.List;

/** The fields of a line, one after the other. Confined to one thread. */
final class Fields {
  private final List<List<HbaToken>> fields;
  private int next;

  Fields(List<List<HbaToken>> fields) {
    this.fields = fields;
  }

  List<HbaToken> next(String what) throws Mistake {
    if (next == fields.size()) {
      throw new Mistake("end-of-line before " + what);
    }
    List<HbaToken> field = fields.get(next);
    next++;
    if (field.isEmpty()) {
      throw new Mistake("there is no " + what + " in the file that is named for it");
    }
    return field;
  }

  HbaToken single(String what) throws Mistake {
    List<HbaToken> field = next(what);
    if (field.size() > 1) {
      throw new Mistake("multiple values specified for " + what);
    }
    return field.get(0);
  }

  List<HbaToken> rest() {
    List<HbaToken> rest =
        fields.subList(next, fields.size()).stream().flatMap(List::stream).toList();
    next = fields.size();
    return rest;
  }
}
