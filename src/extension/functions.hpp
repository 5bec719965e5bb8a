#pragma once

// The SQL functions of schema iasql as C++: arguments in, rows out, each value as its column's type reads it.
// pg/entry_points.cpp makes PostgreSQL functions of them; docs/reference/functions.md describes them.

#include "extension/pg/sql.hpp"

#include <string>
#include <vector>

namespace iasql::extension {

using pg::TextRow;

std::vector<TextRow> install(std::vector<std::string> modules);
std::vector<TextRow> uninstall(std::vector<std::string> modules);
std::vector<TextRow> upgrade();

std::vector<TextRow> plan_apply();
std::vector<TextRow> plan();
std::string plan_markdown();
std::vector<TextRow> apply();
std::vector<TextRow> plan_sync();
std::vector<TextRow> sync();
void delete_all_records();

std::vector<TextRow> modules_list();
std::vector<TextRow> modules_installed();
std::vector<TextRow> version();

// The functions that whoever asks may call, from the catalogue and its comments.
std::vector<TextRow> help();

// What a key for this database is sealed with: system identifier, database's oid, public key as bytea.
std::vector<TextRow> system_identity();

// Makes the short names and the tables about modules in schema public again, and gives the database's owner the rights
// to use iasql and to pass them on.
void repair();

} // namespace iasql::extension
