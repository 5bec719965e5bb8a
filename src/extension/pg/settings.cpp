extern "C" {
#include <postgres.h>
#include <utils/guc.h>
#include <utils/memutils.h>
}

#include "extension/pg/settings.hpp"

namespace iasql::pg {

namespace {

GucContext context(MayChange may_change) {
  return may_change == MayChange::superuser ? PGC_SUSET : PGC_USERSET;
}

} // namespace

void define(const BooleanSetting& setting) {
  DefineCustomBoolVariable(setting.name, setting.description, nullptr, setting.value, *setting.value,
                           context(setting.may_change), 0, nullptr, nullptr, nullptr);
}

void define(const IntegerSetting& setting) {
  DefineCustomIntVariable(setting.name, setting.description, nullptr, setting.value, *setting.value, setting.minimum,
                          setting.maximum, context(setting.may_change), setting.unit == Unit::seconds ? GUC_UNIT_S : 0,
                          nullptr, nullptr, nullptr);
}

void define(const TextSetting& setting) {
  DefineCustomStringVariable(setting.name, setting.description, nullptr, setting.value, setting.initially,
                             context(setting.may_change), GUC_SUPERUSER_ONLY, nullptr, nullptr, nullptr);
}

void define(const ChoiceSetting& setting) {
  auto* options = static_cast<config_enum_entry*>(
      MemoryContextAllocZero(TopMemoryContext, (setting.choices.size() + 1) * sizeof(config_enum_entry)));
  for (std::size_t i = 0; i < setting.choices.size(); ++i)
    options[i] = {setting.choices[i].name, setting.choices[i].value, false};
  DefineCustomEnumVariable(setting.name, setting.description, nullptr, setting.value, *setting.value, options,
                           context(setting.may_change), 0, nullptr, nullptr, nullptr);
}

void reserve_settings(const char* prefix) {
  MarkGUCPrefixReserved(prefix);
}

} // namespace iasql::pg
