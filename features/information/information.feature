Feature: What people tell in passing
  It is checked before it is believed, what is red is reported upwards first, watching has an end, and who was named is
  forgotten if nothing came of it.

  Background:
    Given it is Monday 15 April 2024, 09:00

  Rule: another_verifies - who handed it in does not verify it
    Scenario: The author goes and looks
      Given Wang has handed in that a quarrel is brewing
      And Ding has checked it
      When Wang finds it confirmed
      Then it is refused under "another_verifies"

    Scenario: Somebody else goes and looks
      Given Wang has handed in that a quarrel is brewing
      And Ding has checked it
      When Ou finds it confirmed
      Then the case is "Verified, to be graded"

  Rule: a_true_finding - what was found untrue makes no case
    Scenario: A rumour
      Given Wang has handed in that a quarrel is brewing
      And Ding has checked it
      When Ou finds it untrue
      Then the case is "Author to be told"

    Scenario: One item becomes a case of mediation
      Given Wang has handed in that a quarrel is brewing
      And Ding has checked it
      And Ou has found it confirmed
      When Ding makes it a case of mediation
      Then a case of "dispute_mediation" has come of it
      And the case is "Verified, to be graded"

  Rule: reported_up - what is red is reported upwards before it goes anywhere
    Scenario: Nobody was told
      Given Wang has handed in that a quarrel is brewing
      And Ding has checked it
      And Ou has found it confirmed
      When Chen grades it red
      Then it is refused under "reported_up"

    Scenario: The county was told
      Given Wang has handed in that a quarrel is brewing
      And Ding has checked it
      And Ou has found it confirmed
      And Chen has reported it upwards
      When Chen grades it red
      Then the case is "Graded"

  Rule: red_is_confirmed - red is graded by the head of the station
    Scenario: The desk grades it red
      Given Wang has handed in that a quarrel is brewing
      And Ding has checked it
      And Ou has found it confirmed
      And Chen has reported it upwards
      When Ding grades it red
      Then it is refused under "red_is_confirmed"

  Rule: watch_has_an_end - nobody is watched without an end
    Scenario: For a year
      Given Wang has handed in that a quarrel is brewing
      And Ding has checked it
      And Ou has found it confirmed
      When Ding has it watched until Tuesday 15 April 2025
      Then it is refused under "watch_has_an_end"

    Scenario: The day comes
      Given Wang has handed in that a quarrel is brewing
      And Ding has checked it
      And Ou has found it confirmed
      And Ding has had it watched until Wednesday 15 May 2024
      When it becomes Thursday 16 May 2024, 00:00
      Then the case is "Author to be told"

  Rule: person_kept - who was named is forgotten after ninety days
    Scenario: The ninetieth day is over, a Sunday
      Given Wang has handed in something about a person
      And Ding has checked it
      And Ou has found it untrue
      And Ding has told the author
      When it becomes Monday 15 July 2024, 00:00
      Then nothing that was said of the person is left
      And the case is closed as "Not true"

    Scenario: On the ninetieth day
      Given Wang has handed in something about a person
      And Ding has checked it
      And Ou has found it untrue
      And Ding has told the author
      When it becomes Sunday 14 July 2024, 23:00
      Then what was said of the person is still there

  Rule: ask_erasure - what has to be kept is kept with a reason, the rest is deleted
    Scenario: While it is being dealt with
      Given Wang has handed in something about a person
      And Ding has checked it
      When Ding enters that the author asks to delete it
      Then the author has the "Answer that data cannot be deleted yet"
      And what was said of the person is still there

    Scenario: Closed, but the ninety days are not over
      Given Wang has handed in something about a person
      And Ding has checked it
      And Ou has found it untrue
      And Ding has told the author
      When Ding enters that the author asks to delete it
      Then the author has the "Answer that data cannot be deleted yet"
      And what was said of the person is still there

    Scenario: After the ninety days
      Given Wang has handed in something about a person
      And Ding has checked it
      And Ou has found it untrue
      And Ding has told the author
      And it has become Monday 15 July 2024, 00:00
      When Ding enters that the author asks to delete it
      Then the author has the "Answer that data was deleted"
      And nothing that was said of the person is left

    Scenario: Nobody is named in it
      Given Wang has handed in that a quarrel is brewing
      And Ding has checked it
      And Ou has found it untrue
      And Ding has told the author
      When Ding enters that the author asks to delete it
      Then the author has the "Answer that data was deleted"
      And nothing that was said of the person is left
