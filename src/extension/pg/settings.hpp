#pragma once

// PostgreSQL's own settings (GUCs), for settings.cpp. Every pointer must stay valid for the life of the process.

#include <span>

namespace iasql::pg {

enum class MayChange { everyone, superuser };
enum class Unit { none, seconds };

struct BooleanSetting {
  const char* name;
  const char* description;
  bool* value; // what it points at is the default
  MayChange may_change;
};

struct IntegerSetting {
  const char* name;
  const char* description;
  int* value;
  int minimum, maximum;
  Unit unit;
  MayChange may_change;
};

struct TextSetting {
  const char* name;
  const char* description;
  char** value; // PostgreSQL allocates; never null after define(); shown to superusers only
  const char* initially;
  MayChange may_change;
};

struct ChoiceSetting {
  struct Choice {
    const char* name;
    int value;
  };
  const char* name;
  const char* description;
  int* value;
  std::span<const Choice> choices;
  MayChange may_change;
};

// Called once, when the library is loaded; each may raise a PostgreSQL error.
void define(const BooleanSetting& setting);
void define(const IntegerSetting& setting);
void define(const TextSetting& setting);
void define(const ChoiceSetting& setting);
// From now on an unknown name that begins with `prefix` and a dot is an error instead of a new setting.
void reserve_settings(const char* prefix);

} // namespace iasql::pg
