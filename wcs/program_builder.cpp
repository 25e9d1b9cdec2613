#include "wcs/program_builder.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/error.hpp"
#include "wcs/elementary.hpp"
#include "wcs/program_selector.hpp"

namespace spec2::wcs {

using kernels::Code;

namespace {

constexpr double kDegree = std::numbers::pi / 180.0;

[[noreturn]] void refuse_inverse(const Arena& arena, TransformId id) {
  throw Error(ErrorCause::internal,
              fmt::format("the transform {} '{}' has no inverse", to_string(arena.kind(id)), arena.name(id)));
}

}  // namespace

Program ProgramBuilder::build(std::span<const TransformId> chain, Direction direction, std::span<const Arena::FixedInput> fixed) {
  if (chain.empty()) throw Error(ErrorCause::internal, "a program of no transforms was asked for");
  const bool forward = direction == Direction::forward;
  const int inputs = forward ? arena_.inputs(chain.front()) : arena_.inverse_inputs(chain.back());
  Values free_inputs, now;
  for (int i = 0; i < inputs; ++i) {
    const auto set = std::find_if(fixed.begin(), fixed.end(), [i](const Arena::FixedInput& entry) { return entry.input == i; });
    now.push_back(set != fixed.end() ? constant(set->value) : fresh());
    if (set == fixed.end()) free_inputs.push_back(now.back());
  }
  for (std::size_t i = 0; i < chain.size(); ++i) now = emit(forward ? chain[i] : chain[chain.size() - 1 - i], direction, now);
  drop_unused(now);
  place_columns(free_inputs, now);
  program_.arena_ = &arena_;
  return std::move(program_);
}

ProgramBuilder::Values ProgramBuilder::emit(TransformId id, Direction direction, const Values& in) {
  const int expected = direction == Direction::forward ? arena_.inputs(id) : arena_.inverse_inputs(id);
  if (static_cast<int>(in.size()) != expected) {
    throw Error(ErrorCause::internal,
                fmt::format("{} '{}' {} takes {} values and gets {}", to_string(arena_.kind(id)), arena_.name(id),
                            direction == Direction::forward ? "" : "(inverse)", expected, in.size()));
  }
  return direction == Direction::forward ? emit_forward(id, in) : emit_inverse(id, in);
}

ProgramBuilder::Values ProgramBuilder::emit_forward(TransformId id, const Values& in) {
  const Record& record = arena_.record(id);
  switch (record.kind) {
    case Kind::compose:
      return emit(arena_.children(id)[1], Direction::forward, emit(arena_.children(id)[0], Direction::forward, in));
    case Kind::concatenate: {
      const auto below = arena_.children(id);
      const auto split = in.begin() + arena_.inputs(below[0]);
      Values out = emit(below[0], Direction::forward, {in.begin(), split});
      const Values right = emit(below[1], Direction::forward, {split, in.end()});
      out.insert(out.end(), right.begin(), right.end());
      return out;
    }
    case Kind::add:
    case Kind::subtract:
    case Kind::multiply_by:
    case Kind::divide:
    case Kind::power: {
      const auto below = arena_.children(id);
      const Values left = emit(below[0], Direction::forward, in);
      return emit_arithmetic(record.kind, left, emit(below[1], Direction::forward, in));
    }
    case Kind::fix_inputs: return emit_fixed(id, in);
    case Kind::gwa_to_slit:
    case Kind::slit_to_gwa:
    case Kind::slit_to_msa:
    case Kind::msa_to_slit:
    case Kind::slit_to_msa_legacy: return emit_slit(id, Direction::forward, in);
    case Kind::regions_selector: return emit_selector(id, Direction::forward, in);
    default: return emit_elementary(record.kind, record.outputs, arena_.parameters(id), arena_.integers(id), true, in);
  }
}

ProgramBuilder::Values ProgramBuilder::emit_inverse(TransformId id, const Values& in) {
  if (const TransformId set = arena_.custom_inverse(id)) return emit(set, Direction::forward, in);
  const Record& record = arena_.record(id);
  switch (record.kind) {
    case Kind::compose:
      return emit(arena_.children(id)[0], Direction::inverse, emit(arena_.children(id)[1], Direction::inverse, in));
    case Kind::concatenate: {
      const auto below = arena_.children(id);
      const auto split = in.begin() + arena_.inverse_inputs(below[0]);
      Values out = emit(below[0], Direction::inverse, {in.begin(), split});
      const Values right = emit(below[1], Direction::inverse, {split, in.end()});
      out.insert(out.end(), right.begin(), right.end());
      return out;
    }
    case Kind::gwa_to_slit:
    case Kind::slit_to_msa: return emit_slit(id, Direction::inverse, in);
    case Kind::regions_selector: return emit_selector(id, Direction::inverse, in);
    default: break;
  }
  const auto back = elementary_inverse(record.kind, record.inputs, record.outputs, arena_.parameters(id), arena_.integers(id));
  if (!back) refuse_inverse(arena_, id);
  return emit_elementary(back->kind, back->outputs, back->parameters, back->integers, false, in);
}

ProgramBuilder::Values ProgramBuilder::emit_fixed(TransformId id, const Values& in) {
  const auto k = arena_.integers(id);
  const auto p = arena_.parameters(id);
  const TransformId child = arena_.at(k[0]);
  Values all;
  auto next = in.begin();
  for (int i = 0; i < arena_.inputs(child); ++i) {
    const auto set = std::find(k.begin() + 1, k.end(), static_cast<std::uint32_t>(i));
    all.push_back(set != k.end() ? constant(p[static_cast<std::size_t>(set - k.begin()) - 1]) : *next++);
  }
  return emit(child, Direction::forward, all);
}

ProgramBuilder::Values ProgramBuilder::emit_slit(TransformId id, Direction direction, const Values& in) {
  const Kind kind = arena_.kind(id);
  // The slit id comes first, except out of the MSA.
  const bool id_last = kind == Kind::msa_to_slit || (kind == Kind::slit_to_msa && direction == Direction::inverse);
  const std::uint32_t slit = id_last ? in.back() : in.front();
  if (!values_[slit].is_constant) {
    throw Error(ErrorCause::internal, fmt::format("{} was evaluated without fixing the slit", to_string(kind)));
  }
  const TransformId model = arena_.slit_model(id, arena_.find_slit(id, values_[slit].constant));
  Values out = emit(model, direction, id_last ? Values(in.begin(), in.end() - 1) : Values(in.begin() + 1, in.end()));
  if (kind == Kind::slit_to_msa_legacy) return out;
  const bool id_out_last = kind == Kind::slit_to_msa && direction == Direction::forward;
  out.insert(id_out_last ? out.end() : out.begin(), slit);
  return out;
}

ProgramBuilder::Values ProgramBuilder::emit_selector(TransformId id, Direction direction, const Values& in) {
  auto selector = std::make_shared<Program::Selector>(arena_, id, direction);
  program_.selectors_.push_back(selector);
  const int outputs = direction == Direction::forward ? arena_.outputs(id) : arena_.inputs(id);
  return operation(Code::select, in, outputs, {}, false, 0, static_cast<std::uint32_t>(program_.selectors_.size() - 1));
}

ProgramBuilder::Values ProgramBuilder::emit_arithmetic(Kind kind, const Values& left, const Values& right) {
  Values out;
  for (std::size_t i = 0; i < left.size(); ++i) {
    const Value a = values_[left[i]], b = values_[right[i]];
    Code code = Code::add;
    switch (kind) {
      case Kind::subtract: code = Code::subtract; break;
      case Kind::multiply_by: code = Code::multiply; break;
      case Kind::divide: code = Code::divide; break;
      case Kind::power: code = Code::power; break;
      default: break;
    }
    const bool one_constant = a.is_constant != b.is_constant;
    if (one_constant && (code == Code::add || code == Code::multiply)) {
      const double p[] = {a.is_constant ? a.constant : b.constant};
      out.push_back(
          operation(code == Code::add ? Code::shift : Code::scale, {a.is_constant ? right[i] : left[i]}, 1, p, false)[0]);
    } else {
      out.push_back(operation(code, {left[i], right[i]}, 1, {}, false)[0]);
    }
  }
  return out;
}

std::uint32_t ProgramBuilder::mapped_to_window(std::uint32_t value, const double* d) {
  const double slope = (d[3] - d[2]) / (d[1] - d[0]);
  const double offset = (d[2] * d[1] - d[3] * d[0]) / (d[1] - d[0]);
  if (slope == 1.0 && offset == 0.0) return value;
  const double p[] = {slope, offset};
  return operation(Code::linear, {value}, 1, p, false)[0];
}

ProgramBuilder::Values ProgramBuilder::emit_elementary(Kind kind, int outputs, std::span<const double> p,
                                                       std::span<const std::uint32_t> k, bool in_pool, const Values& in) {
  switch (kind) {
    case Kind::identity: return in;
    case Kind::mapping: {
      Values out;
      for (const std::uint32_t source : k) out.push_back(in[source]);
      return out;
    }
    case Kind::shift: return operation(Code::shift, in, 1, p, in_pool);
    case Kind::scale:
    case Kind::multiply: return operation(Code::scale, in, 1, p, in_pool);
    case Kind::constant: return {constant(p[0])};
    case Kind::linear1d: return operation(Code::linear, in, 1, p, in_pool);
    case Kind::polynomial1d:
    case Kind::chebyshev1d:
    case Kind::legendre1d: {
      const Code code = kind == Kind::polynomial1d ? Code::polynomial1d
                        : kind == Kind::chebyshev1d ? Code::chebyshev1d : Code::legendre1d;
      return operation(code, {mapped_to_window(in[0], p.data())}, 1, p.subspan(4), in_pool, 0, k[0]);
    }
    case Kind::polynomial2d:
    case Kind::chebyshev2d:
    case Kind::legendre2d: {
      const Code code = kind == Kind::polynomial2d ? Code::polynomial2d
                        : kind == Kind::chebyshev2d ? Code::chebyshev2d : Code::legendre2d;
      const Values mapped{mapped_to_window(in[0], p.data()), mapped_to_window(in[1], p.data() + 4)};
      return operation(code, mapped, 1, p.subspan(8), in_pool, 0, k.size() == 2 ? k[0] + 256 * k[1] : k[0]);
    }
    case Kind::affine2d: return operation(Code::affine2d, in, 2, p, in_pool);
    case Kind::rotation2d: {
      const double c = std::cos(p[0] * kDegree), s = std::sin(p[0] * kDegree);
      const double matrix[] = {c, -s, s, c, 0.0, 0.0};
      return operation(Code::affine2d, in, 2, matrix, false);
    }
    case Kind::tabular1d:
      return operation(Code::tabular1d, in, 1, p, in_pool, static_cast<std::uint8_t>(k[1] + 2 * k[2]), k[0]);
    case Kind::tabular2d:
      return operation(Code::tabular2d, in, 1, p, in_pool, static_cast<std::uint8_t>(k[2] + 2 * k[3]), k[0] + 65536 * k[1]);
    case Kind::logical: return operation(Code::logical, in, 1, p, in_pool, static_cast<std::uint8_t>(k[0]));
    default: return emit_optics(kind, outputs, p, k, in_pool, in);
  }
}

ProgramBuilder::Values ProgramBuilder::operation(Code code, const Values& in, int outputs, std::span<const double> p,
                                                 bool in_pool, std::uint8_t option, std::uint32_t size) {
  const bool all_constant =
      code != Code::select && std::all_of(in.begin(), in.end(), [this](std::uint32_t v) { return values_[v].is_constant; });
  Values out;
  if (all_constant && !in.empty()) {
    std::vector<double> given, made(static_cast<std::size_t>(outputs));
    for (const std::uint32_t v : in) given.push_back(values_[v].constant);
    std::vector<const double*> from;
    std::vector<double*> to;
    for (double& v : given) from.push_back(&v);
    for (double& v : made) to.push_back(&v);
    kernels::run(code, option, size, p.data(), from.data(), to.data(), 1);
    for (const double v : made) out.push_back(constant(v));
    return out;
  }
  Step step;
  step.operation.code = code;
  step.operation.option = option;
  step.operation.size = size;
  step.operation.inputs = static_cast<std::uint8_t>(in.size());
  step.operation.outputs = static_cast<std::uint8_t>(outputs);
  step.operation.in_pool = in_pool;
  if (in_pool) {
    step.operation.first_parameter = static_cast<std::uint32_t>(p.data() - arena_.parameter_pool());
  } else {
    step.operation.first_parameter = static_cast<std::uint32_t>(program_.constants_.size());
    program_.constants_.insert(program_.constants_.end(), p.begin(), p.end());
  }
  step.inputs = in;
  for (int i = 0; i < outputs; ++i) out.push_back(fresh());
  step.outputs = out;
  steps_.push_back(std::move(step));
  return out;
}

std::uint32_t ProgramBuilder::constant(double value) {
  values_.push_back({true, value});
  return static_cast<std::uint32_t>(values_.size() - 1);
}

std::uint32_t ProgramBuilder::fresh() {
  values_.push_back({});
  return static_cast<std::uint32_t>(values_.size() - 1);
}

void ProgramBuilder::drop_unused(const Values& wanted) {
  std::vector<bool> needed(values_.size(), false);
  for (const std::uint32_t v : wanted) needed[v] = true;
  std::vector<Step> kept;
  for (auto step = steps_.rbegin(); step != steps_.rend(); ++step) {
    if (std::none_of(step->outputs.begin(), step->outputs.end(), [&](std::uint32_t v) { return needed[v]; })) continue;
    for (const std::uint32_t v : step->inputs) needed[v] = true;
    kept.push_back(std::move(*step));
  }
  std::reverse(kept.begin(), kept.end());
  steps_ = std::move(kept);
}

void ProgramBuilder::place_columns(const Values& inputs, const Values& outputs) {
  constexpr std::uint16_t kUnplaced = 0xffff;
  constexpr std::size_t kForever = static_cast<std::size_t>(-1);
  std::vector<std::uint16_t> column(values_.size(), kUnplaced);
  std::vector<std::size_t> last_use(values_.size(), 0);
  for (std::size_t s = 0; s < steps_.size(); ++s) {
    for (const std::uint32_t v : steps_[s].inputs) last_use[v] = s;
    for (const std::uint32_t v : steps_[s].outputs) last_use[v] = std::max(last_use[v], s);
  }
  for (const std::uint32_t v : outputs) last_use[v] = kForever;

  std::vector<std::uint16_t> free_columns;
  std::uint16_t count = 0;
  const auto take = [&] {
    if (free_columns.empty()) return count++;
    const std::uint16_t found = free_columns.back();
    free_columns.pop_back();
    return found;
  };
  // Constants keep their columns: they are filled once, not for each block.
  const auto place_constant = [&](std::uint32_t v) {
    if (column[v] != kUnplaced || !values_[v].is_constant) return;
    column[v] = count++;
    last_use[v] = kForever;
    program_.constant_columns_.emplace_back(column[v], values_[v].constant);
  };
  for (const std::uint32_t v : inputs) {
    column[v] = count++;
    program_.input_columns_.push_back(column[v]);
  }
  for (const Step& step : steps_) std::for_each(step.inputs.begin(), step.inputs.end(), place_constant);
  std::for_each(outputs.begin(), outputs.end(), place_constant);

  for (std::size_t s = 0; s < steps_.size(); ++s) {
    Step& step = steps_[s];
    for (const std::uint32_t v : step.outputs) column[v] = take();
    step.operation.first_column = static_cast<std::uint32_t>(program_.columns_.size());
    for (const std::uint32_t v : step.inputs) program_.columns_.push_back(column[v]);
    for (const std::uint32_t v : step.outputs) program_.columns_.push_back(column[v]);
    Values touched(step.inputs);
    touched.insert(touched.end(), step.outputs.begin(), step.outputs.end());
    std::sort(touched.begin(), touched.end());
    touched.erase(std::unique(touched.begin(), touched.end()), touched.end());
    for (const std::uint32_t v : touched) {
      if (last_use[v] == s) free_columns.push_back(column[v]);
    }
    program_.operations_.push_back(step.operation);
  }
  for (const std::uint32_t v : outputs) program_.output_columns_.push_back(column[v]);
  program_.column_count_ = count;
}

}  // namespace spec2::wcs
