#pragma once

namespace iasql::pg {

// What PostgreSQL said when a cancel or timeout struck inside call(): its flag is spent then, and the door says this
// instead. Between call() and the door only.
void remember_interruption(const char* message) noexcept;
// The remembered words, forgotten thereby, or nullptr.
const char* take_interruption() noexcept;

} // namespace iasql::pg
