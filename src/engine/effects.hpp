#pragma once

// The effects of an apply: creates, updates, adopts and removes one object at a time, with journal.md's steps around
// every call: intent committed, call, outcome committed, then entry, row outputs and fold mark in the caller's
// transaction.

#include "aws/wait.hpp"
#include "engine/diff.hpp"
#include "engine/settle.hpp"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace iasql::engine {

class Effects {
public:
  // All of them outlive the object; `diff` and `base` are kept up to date as objects come and go.
  Effects(Context& context, const Bindings& bindings, Diff& diff, Base& base, Recent& recent,
          std::set<std::string> enabled);

  // What was done, for the listing: the actions of interface.md §3, with a description.
  struct Done {
    std::string action, description;
    std::vector<PlanRow> children = {}; // that AWS added to the object and no row describes: deleted with it
  };

  // Each throws Error (CallError where AWS refused) naming what failed; nothing of the row is then written.
  net::task<Done> create(std::size_t row, std::string replaced);
  net::task<Done> update(const Change& change);
  net::task<Done> remove(const Binding& binding, ObjectKey object);

  // Finishes what an earlier, aborted apply did for a row: reads the object again, fills the row's and the entry's
  // outputs, notes which row the object has, and where the object was `created`, settles what AWS added to it. Returns
  // the children deleted.
  net::task<std::vector<PlanRow>> refresh(std::size_t row, bool created);

private:
  struct Call {
    Effect effect;
    const Binding* binding;
    std::string region, row_key, cloud_id, description, token, replaced;
    Row columns;
    Request request;
    bool adoption = false;
  };
  struct Answered {
    IntentId intent = 0;
    aws::Answer answer;
    std::optional<aws::CallError> refusal; // one of the tolerated ones
  };

  net::task<Answered> journaled(Call call, std::vector<std::string> tolerated);
  // Concludes with "no effect" what AWS refused.
  void conclude_refused(const Answered& answered, const std::string& cloud_id);
  Surroundings surroundings(const Binding& binding, const Row& resolved, const std::string& region) const;
  void conclude(IntentId intent, Result result, std::string cloud_id, Row columns, std::string request_id,
                std::string error = {});
  // The row's attributes with every reference as a cloud id; columns of the table that have to follow a replaced object
  // are set in `rewritten`.
  Row resolve(const DesiredRow& row, Row& rewritten) const;
  // Fills what the row leaves open and is made of other tables' objects. Throws Error (missing_value) where there are
  // none.
  void derive(const DesiredRow& row, Row& resolved, Row& rewritten) const;
  // The create's request; that of a new revision keeps what the one before says and the row leaves open.
  net::task<Request> make_request(const DesiredRow& row, Row resolved, std::string token, std::string replaced);
  net::task<Answered> send_create(std::size_t row, Row resolved, std::string token, std::string replaced);
  // Until when a refusal of a create may pass by itself; the epoch where it does not.
  net::Time passes_until(const Binding& binding, const Row& resolved, const std::string& region,
                         const aws::CallError& refusal) const;
  // Until AWS says that the effect of the write is there, where the spec has a waiter for it.
  net::task<void> wait_for(const Binding& binding, const Write& write, ObjectKey object);
  net::task<void> prepare_remove(const Binding& binding, Entry entry, Observed observed, std::string description);
  // Throws Error (change_failed) where something that a remove does not take away holds the object.
  net::task<void> refuse_held(const Binding& binding, ObjectKey object);
  struct Blocked {
    std::string reason;   // for people: what holds the object
    bool passing = false; // AWS is about to take all of it away
  };
  net::task<Blocked> ask_blockers(const Binding& binding, ObjectKey object);
  net::task<std::optional<Observed>> find_by_identity(const Binding& binding, std::string region, Row row);
  net::task<Done> adopt(std::size_t row, Row resolved, Row rewritten, Observed found);
  net::task<void> send_updates(std::size_t row, Row wanted, Observed actual, std::set<std::string> changed,
                               ObjectKey object, bool adoption);
  // What the create's request does not carry is sent once there is an object.
  net::task<void> complete_create(std::size_t row, Row resolved, std::optional<Observed> observed, ObjectKey object);
  net::task<std::vector<PlanRow>> finish_create(std::size_t row, Row sent, Row resolved, Row rewritten, Entry entry);
  net::task<std::vector<PlanRow>> settle_children(std::size_t row, ObjectKey object);
  net::task<PlanRow> remove_child(const Binding& binding, Observed child);
  void supersede(const DesiredRow& row, const Entry& created, const std::string& replaced);
  void leave_without_row(Entry entry);
  void write_part(DesiredRow& row, const BoundAttribute& attribute, const Value& elements);
  void fill_part(DesiredRow& row, const BoundAttribute& attribute, const Value& elements);
  void write_row(std::size_t row, const Row& observed, const Row& rewritten);
  void warn_of_drift(const Change& change, const Entry& entry, const Observed& observed);
  std::string describe(std::size_t row) const;
  bool parent_is_protected(const Binding& binding, const Row& attributes, const std::string& region) const;

  Context& m_context;
  const Bindings& m_bindings;
  Diff& m_diff;
  Base& m_base;
  Recent& m_recent;
  std::set<std::string> m_enabled;
  IdentityColumns m_identity;
  std::set<ObjectKey> m_claimed;              // by adoptions under way
  std::map<RowReference, Observed> m_brought; // rows that describe a child which AWS added
  std::map<std::pair<std::string, std::string>, std::string> m_replaced_ids; // (table, old cloud id) → new cloud id
};

} // namespace iasql::engine
