-- What migrations written by "regal migrate plan" call.

-- Stops a migration when it finds more than its plan allowed: there may be more rows than were counted then.
create function regal_at_most(allowed bigint, counted bigint, subject text, what text) returns void language plpgsql as $$
begin
  if counted > allowed then
    raise exception '%: % %, and the plan allowed %', subject, counted, what, allowed;
  end if;
end $$;

-- A condition of a rule with the keys that `names` has for its own; null when it names what is no more (null there).
create function regal_renamed_keys(given jsonb, names jsonb) returns jsonb language plpgsql immutable as $$
declare
  result jsonb := '{}';
  key text;
  value jsonb;
begin
  for key, value in select * from jsonb_each(given) loop
    if key in ('$and', '$or') then
      select coalesce(jsonb_agg(regal_renamed_keys(part, names) order by n), '[]') into value
        from jsonb_array_elements(value) with ordinality parts (part, n);
      if jsonb_path_exists(value, '$[*] ? (@ == null)') then
        return null;
      end if;
    elsif names -> key = 'null' then
      return null;
    end if;
    result := result || jsonb_build_object(coalesce(names ->> key, key), value);
  end loop;
  return result;
end $$;

-- What a rule says of one resource, in new names. Null when nothing is left of it: a rule with a condition on a field
-- that is no more goes, as without the condition it would reach more rows than it did.
create function regal_renamed_rule(rule jsonb, subject text, change jsonb) returns jsonb language plpgsql immutable as $$
declare
  fields jsonb;
  conditions jsonb;
begin
  if change is null then
    return rule || jsonb_build_object('subject', jsonb_build_array(subject));
  elsif change -> 'name' = 'null' then
    return null;
  end if;
  rule := rule || jsonb_build_object('subject', jsonb_build_array(change -> 'name'));
  if rule ? 'fields' then
    select jsonb_agg(coalesce(change -> 'fields' -> (field #>> '{}'), field) order by n) into fields
      from jsonb_array_elements(rule -> 'fields') with ordinality list (field, n)
      where change -> 'fields' -> (field #>> '{}') is distinct from 'null';
    if fields is null then
      return null;
    end if;
    rule := rule || jsonb_build_object('fields', fields);
  end if;
  if rule ? 'conditions' then
    conditions := regal_renamed_keys(rule -> 'conditions', change -> 'keys');
    if conditions is null then
      return null;
    end if;
    rule := rule || jsonb_build_object('conditions', conditions);
  end if;
  return rule;
end $$;

-- Rules in new names. A rule of several resources is taken apart, as only one of them has the new name of a field, and
-- stays one where it still says the same of them.
create function regal_renamed_rules(rules jsonb, changes jsonb) returns jsonb language sql immutable as $$
  with given as (select rule, n from jsonb_array_elements(rules) with ordinality given (rule, n)),
  renamed as (
    select n, m, regal_renamed_rule(rule, subject, changes -> subject) as rule
    from given, jsonb_array_elements_text(rule -> 'subject') with ordinality subjects (subject, m)
  ),
  joined as (
    select n, min(m) as m, rule - 'subject' || jsonb_build_object('subject', jsonb_agg(rule -> 'subject' -> 0 order by m)) as rule
    from renamed where rule is not null group by n, rule - 'subject'
  )
  select coalesce(jsonb_agg(rule order by n, m), '[]') from joined
$$;

-- Rewrites the rules of all roles, with an audit row each, so that nobody loses what they may do by a rename:
-- {"<resource>": {"name": its name now, "fields": {old: new}, "keys": {old: new}}}, null for what is no more. A built-in
-- role that nobody edited keeps version 1, by which it goes on following the program.
create function regal_rename_in_roles(changes jsonb) returns void language sql as $$
  with old as (
    select id, permissions, regal_renamed_rules(permissions, changes) as renamed from roles for update
  ), changed as (
    update roles r set permissions = old.renamed,
      version = r.version + case when r.is_builtin and r.version = 1 then 0 else 1 end, updated_at = clock_timestamp()
    from old where r.id = old.id and old.renamed <> old.permissions returning r.id
  )
  insert into audit_logs (id, action, resource, record_id, before, after)
  select gen_random_uuid(), 'patch', 'roles', id, jsonb_build_object('permissions', permissions),
    jsonb_build_object('permissions', renamed)
  from changed join old using (id)
$$;
