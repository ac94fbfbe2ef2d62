# CPU time per member of a conference, at several sizes.
for members in 3 10 20; do
    figures=()
    for ((round = 0; round < rounds; round++)); do
        line=$(talk sipstead $((100 / members)) --members "$members" --seconds "$seconds")
        figures+=("$(value cpu_us <<<"$line")")
    done
    row "CPU per member and second, of $members" µs "${figures[@]}"
done
