Feature: A clue is told
  Whoever tells one stays secret, whom it is about learns nothing, and nobody puts it aside.

  Background:
    Given it is Monday 11 March 2024, 09:00

  Rule: take_in - who told it is closed from the moment it is taken in
    Scenario: Who may see it
      Given Wang has handed in a clue of Asha
      When Ou takes it in under seal
      Then the case is "Under seal, to be reviewed"
      And Ou sees who told it
      And Chen sees who told it
      And Ding sees that somebody told it, and not who

    Scenario: Who handed it in has no more to do with it
      Given Wang has handed in a clue of Asha
      When Wang takes it in under seal
      Then it is refused because it "is for"

  Rule: transfer - it is passed on within 24 hours, and whoever received it answers for it until then
    Scenario: After twenty-three hours
      Given Cao has passed a clue to the neighbouring county
      When it becomes Tuesday 12 March 2024, 08:00
      Then Ou was reminded once of "To be passed on if it is not ours"
      And the deadline "To be passed on if it is not ours" is not late yet

    Scenario: Nobody takes it over for a day
      Given Cao has passed a clue to the neighbouring county
      When it becomes Tuesday 12 March 2024, 09:01
      Then the deadline "To be passed on if it is not ours" is late
      And Sworn officer still answers for it

    Scenario: An officer alone cannot pass it on
      Given Wang has handed in a clue of Asha
      When Ou passes it on
      Then it is refused because it "is for"

    Scenario: The other has it
      Given Cao has passed a clue to the neighbouring county
      When Ou notes that the other has taken it over
      Then the case is closed as "Taken over by another office"
      And it counts as procedural

  Rule: back_once - a clue is sent back once, then a common superior decides
    Scenario: Passed on a second time
      Given Cao has passed a clue to the neighbouring county
      And it was sent back
      When Cao passes it on again
      Then it is refused under "back_once"

    Scenario: The county decides
      Given Cao has passed a clue to the neighbouring county
      And it was sent back
      When Cao decides who is competent
      Then the case is "To be taken over by another office"

  Rule: danger_first - where somebody is in danger, what cannot wait comes first
    Scenario: Passed on without doing anything
      Given Wang has handed in a clue that somebody is held in a cellar
      When Cao passes it on
      Then it is refused under "danger_first"

    Scenario: Half an hour
      When Wang hands in a clue that somebody is held in a cellar
      Then the deadline "To be acted on at once" is Monday 11 March 2024, 09:30

    Scenario: Acted on
      Given Wang has handed in a clue that somebody is held in a cellar
      When Ou does what cannot wait
      Then the case is "Urgent action"

  Rule: withdraw - a clue may be taken back, a grave crime goes on
    Scenario: A theft
      Given Wang has handed in a clue of Asha
      When Ou takes it back for her
      Then the case is closed as "Taken back"

    Scenario: Somebody is held in a cellar
      Given Wang has handed in a clue that somebody is held in a cellar
      When Ou takes it back for her
      Then the case is "Received"

  Rule: accused_officer - a clue about an officer goes past his unit
    Scenario: It does not reach the station's desk
      When Wang hands in a clue that Ou takes bribes
      Then the case is "With the inspection"
      And Cao may "inspect"

    Scenario: For him and for his station there is no such case
      Given Wang has handed in a clue that Ou takes bribes
      When Chen records what was found
      Then there is no such case for Chen
      And there is none for Ou
      And it is in the list of Cao

    Scenario: Proved
      Given Wang has handed in a clue that Ou takes bribes
      When Cao records that it is proved
      Then the case is closed as "Breach of duty proved"
      And it counts as substantive
